module glm.test/peers/tables

go 1.26.0
