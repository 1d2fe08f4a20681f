using Copilot.Demo.Upstream.Http;

namespace Copilot.Demo.Upstream;

/// <summary>Maps the demo upstream's routes.</summary>
public static class DemoUpstreamEndpoints
{
    /// <summary>
    /// Maps the server under <c>/demo/v1</c> and returns the group, so that the caller can guard it as a whole.
    /// The application has to call <c>UseWebSockets()</c> before its endpoints.
    /// </summary>
    public static RouteGroupBuilder MapDemoUpstream(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);

        var group = endpoints.MapGroup("/demo/v1");
        ResponsesEndpoints.Map(group);
        return group;
    }
}
