using Copilot.Web.Options;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Security;

/// <summary>
/// Refuses to start demo mode on an address that other machines can reach: before the server binds, from the configuration, and again
/// afterwards, from the bound addresses.
/// </summary>
internal sealed class DemoAddresses(IOptions<DemoOptions> demo, IConfiguration configuration, IServer server)
    : IHostedLifecycleService
{
    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (demo.Value.Enabled)
        {
            Refuse(Configured().Where(address => !IsLocal(address)));
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (demo.Value.Enabled)
        {
            Refuse((server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []).Where(address => !IsLocal(address)));
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>True when only this machine can reach the address. Kestrel binds any name but <c>localhost</c> to all addresses.</summary>
    internal static bool IsLocal(string address)
    {
        var parsed = BindingAddress.Parse(address);
        return parsed.IsUnixPipe || parsed.IsNamedPipe || LoopbackGuard.IsLoopbackName(parsed.Host);
    }

    private IEnumerable<string> Configured()
    {
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>().ToList();
        if (endpoints.Count > 0)
        {
            // They override everything else.
            return endpoints;
        }

        return configuration[WebHostDefaults.ServerUrlsKey] is { Length: > 0 } urls
            ? urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : Ports(WebHostDefaults.HttpPortsKey, "http").Concat(Ports(WebHostDefaults.HttpsPortsKey, "https"));
    }

    private IEnumerable<string> Ports(string key, string scheme) =>
        (configuration[key] ?? "")
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(port => $"{scheme}://*:{port}");

    private static void Refuse(IEnumerable<string> addresses)
    {
        var reachable = addresses.ToList();
        if (reachable.Count > 0)
        {
            throw new StartRefusedException(
                [$"Demo mode opens accounts without passwords, and {string.Join(", ", reachable)} can be reached from other "
                    + "machines. Set ASPNETCORE_URLS to a loopback address like http://localhost:5000, or set "
                    + "Demo__Enabled=false."]);
        }
    }
}
