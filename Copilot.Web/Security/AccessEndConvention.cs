using Copilot.Web.Api.Streaming;

namespace Copilot.Web.Security;

/// <summary>Breaks off what is sent and received while somebody's access ends.</summary>
internal static class AccessEndConvention
{
    /// <summary>
    /// Ends requests to these endpoints, by key or by cookie, within seconds of the end of their sender's access. For what a slow reader or
    /// sender can draw out; half of it must not look like the whole, so the connection is cut. Works on single endpoints and on groups.
    /// </summary>
    public static TBuilder EndWithAccess<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Finally(endpoint =>
        {
            var next = endpoint.RequestDelegate ?? throw new InvalidOperationException($"{endpoint.DisplayName} has nothing to end.");
            endpoint.RequestDelegate = async context =>
            {
                await using var watch = context.RequestServices.GetRequiredService<AccessWatches>().Watch(context);
                await using var cut = watch.Ended.Register(context.Abort);
                await next(context);
            };
        });
        return builder;
    }
}
