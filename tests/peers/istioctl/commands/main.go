// SPDX-License-Identifier: Apache-2.0

// Command istioctl is as much of the real one as changes clusters: install and uninstall, Istio's own commands with
// Istio's own flags. The rest of it takes minutes to build.
package main

import (
	"os"

	"github.com/spf13/cobra"

	"istio.io/istio/istioctl/pkg/cli"
	"istio.io/istio/operator/cmd/mesh"
)

func main() {
	root := &cobra.Command{Use: "istioctl", SilenceUsage: true}
	ctx := cli.NewCLIContext(cli.AddRootFlags(root.PersistentFlags()))
	root.AddCommand(mesh.InstallCmd(ctx), mesh.UninstallCmd(ctx))
	if root.Execute() != nil {
		os.Exit(1)
	}
}
