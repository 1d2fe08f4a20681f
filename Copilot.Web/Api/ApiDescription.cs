using System.Text.Json;
using Copilot.Web.Security;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Copilot.Web.Api;

/// <summary>A parameter that an endpoint reads from the request itself, for the description of the API.</summary>
internal sealed record ParameterMetadata(ParameterLocation In, string Name, string Description);

/// <summary>
/// The OpenAPI document of the HTTP API at <c>/openapi/v1.json</c>. It asks for an API key like the API itself: who has none has no use
/// for it, and the server tells strangers nothing about itself.
/// </summary>
internal static class ApiDescription
{
    private const string KeyScheme = "api_key";

    /// <summary>Registers it.</summary>
    public static IServiceCollection AddApiDescription(this IServiceCollection services)
    {
        // The document takes the names of fields from here; the API itself writes with contexts of its own.
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
        return services.AddOpenApi(options =>
        {
            options.ShouldInclude = description => description.RelativePath?.StartsWith("api/", StringComparison.Ordinal) is true;
            options.AddDocumentTransformer(DescribeDocument);
            options.AddOperationTransformer(DescribeOperationAsync);
        });
    }

    /// <summary>Maps it.</summary>
    public static void MapApiDescription(this IEndpointRouteBuilder routes) =>
        routes.MapOpenApi().RequireAuthorization(ApiKeyHandler.Policy);

    /// <summary>A parameter that the endpoint reads from the request itself.</summary>
    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder endpoint, ParameterLocation location, string name, string description) =>
        endpoint.WithMetadata(new ParameterMetadata(location, name, description));

    /// <summary>What the endpoint answers, and the statuses of its problems.</summary>
    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder endpoint, int status, params int[] problems) =>
        endpoint.Produces<T>(status).Refuses(problems);

    /// <summary>The statuses of the endpoint's problems.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params int[] problems)
    {
        foreach (var problem in problems)
        {
            endpoint.ProducesProblem(problem);
        }

        return endpoint;
    }

    private static Task DescribeDocument(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Copilot",
            Version = "v1",
            Description = "Starts, reads, follows, steers and cancels runs. Fields may be added, never changed: ignore those you do not know.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[KeyScheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "An API key of the person that the request is made for.",
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(KeyScheme, document)] = [] }];
        return Task.CompletedTask;
    }

    private static async Task DescribeOperationAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        foreach (var parameter in metadata.OfType<ParameterMetadata>())
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                In = parameter.In,
                Name = parameter.Name,
                Description = parameter.Description,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        }

        if (metadata.OfType<ScopeMetadata>().FirstOrDefault() is { } needed)
        {
            operation.Description = ApiText.ScopeNeeded(needed.Scope);
        }

        if (metadata.OfType<JsonBodyMetadata>().FirstOrDefault() is { } body)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = !body.IsOptional,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/json"] = new() { Schema = await context.GetOrCreateSchemaAsync(body.Body, null, cancellationToken) },
                },
            };
        }
    }
}
