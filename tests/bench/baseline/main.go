// SPDX-License-Identifier: Apache-2.0

// The baseline of `make bench`: about the smallest provider that Go's terraform-plugin-framework
// makes, with what terraform-provider-null has: one resource and one data source without any
// cluster, client or configuration. The registry's own null provider is no Go module that can be
// fetched at a current version; `tests/bench/run --baseline PATH` measures against its binary.
package main

import (
	"context"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	dschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func main() {
	err := providerserver.Serve(context.Background(), func() provider.Provider { return &baseline{} },
		providerserver.ServeOpts{
			Address:         "registry.terraform.io/terraform-provider-glm/baseline",
			ProtocolVersion: 6,
		})
	if err != nil {
		log.Fatal(err)
	}
}

type baseline struct{}

func (*baseline) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "baseline"
}

func (*baseline) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (*baseline) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}

func (*baseline) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return &res{} }}
}

func (*baseline) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{func() datasource.DataSource { return &source{} }}
}

type model struct {
	Triggers types.Map    `tfsdk:"triggers"`
	ID       types.String `tfsdk:"id"`
}

type res struct{}

func (*res) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_resource"
}

func (*res) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		Description: "A resource that does nothing.",
		Attributes: map[string]schema.Attribute{
			"triggers": schema.MapAttribute{
				Description:   "A change of any of these replaces the resource.",
				ElementType:   types.StringType,
				Optional:      true,
				PlanModifiers: []planmodifier.Map{mapplanmodifier.RequiresReplace()},
			},
			"id": schema.StringAttribute{
				Computed:      true,
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
		},
	}
}

func (*res) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var m model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	m.ID = types.StringValue("1")
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

func (*res) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (*res) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var m model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

func (*res) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

type source struct{}

func (*source) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_data_source"
}

func (*source) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = dschema.Schema{
		Description: "A data source that does nothing.",
		Attributes: map[string]dschema.Attribute{
			"inputs": dschema.MapAttribute{ElementType: types.StringType, Optional: true},
			"id":     dschema.StringAttribute{Computed: true},
		},
	}
}

func (*source) Read(context.Context, datasource.ReadRequest, *datasource.ReadResponse) {}
