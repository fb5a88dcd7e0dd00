# SPDX-License-Identifier: Apache-2.0
"""A hostile API server: server.py; what it does, attacks.py and lies.py; how it behaves well, objects.py."""
