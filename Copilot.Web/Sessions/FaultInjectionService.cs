using System.Collections.Immutable;
using Copilot.Web.Identity;
using Copilot.Web.Options;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Sessions;

/// <summary>
/// Rehearsing an outage: admins of a demo break its upstream on purpose, and everybody in it sees that they did. Each order is
/// checked here: demo mode, the demo upstream in use, and an admin as the store has them now.
/// </summary>
internal sealed partial class FaultInjectionService(
    IFaultInjection board, CurrentUser current, IOptions<DemoOptions> demo, UpstreamChoice upstream, ILogger<FaultInjectionService> logger)
{
    /// <summary>The most times in a row that one order may strike.</summary>
    public const int MaxTimes = 100;

    /// <summary>Whether there is anything to break here: demo mode, with the demo upstream in use.</summary>
    public bool IsOffered => demo.Value.Enabled && upstream.IsDemoUpstream;

    /// <inheritdoc cref="IFaultInjection.Kinds"/>
    public ImmutableArray<InjectableFault> Kinds => board.Kinds;

    /// <inheritdoc cref="IFaultInjection.Networks"/>
    public ImmutableArray<SimulatedNetwork> Networks => board.Networks;

    /// <summary>What is broken now; everybody may see it.</summary>
    public FaultInjectionState Now => IsOffered ? board.Now : FaultInjectionState.None;

    /// <inheritdoc cref="IFaultInjection.WhenChangedAsync"/>
    public Task<FaultInjectionState> WhenChangedAsync(FaultInjectionState seen, CancellationToken cancellationToken) => board.WhenChangedAsync(seen, cancellationToken);

    /// <summary>Requests a fault.</summary>
    /// <param name="kind">Its name.</param>
    /// <param name="times">How often it strikes; null until it is stopped.</param>
    /// <param name="cancellationToken">Stops the look at the person.</param>
    /// <returns>Null when it is ordered, else a sentence that says why it is not.</returns>
    public Task<string?> OrderAsync(string kind, int? times, CancellationToken cancellationToken)
    {
        if (times is < 1 or > MaxTimes)
        {
            return Task.FromResult<string?>(SessionText.FaultTimes(MaxTimes));
        }

        return board.Kinds.Any(known => known.Name == kind)
            ? DoAsync($"fault {kind} × {times?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "∞"}", () => board.Inject(kind, times), cancellationToken)
            : Task.FromResult<string?>(SessionText.UnknownFault);
    }

    /// <summary>Puts the upstream behind a network; null is the direct way. Returns as <see cref="OrderAsync"/>.</summary>
    public Task<string?> UseAsync(string? network, CancellationToken cancellationToken) =>
        network is null || board.Networks.Any(known => known.Name == network)
            ? DoAsync($"network {network ?? "direct"}", () => board.Use(network), cancellationToken)
            : Task.FromResult<string?>(SessionText.UnknownNetwork);

    /// <summary>Takes everything back. Returns as <see cref="OrderAsync"/>.</summary>
    public Task<string?> StopAllAsync(CancellationToken cancellationToken) => DoAsync("nothing", board.StopAll, cancellationToken);

    private async Task<string?> DoAsync(string what, Action request, CancellationToken cancellationToken)
    {
        if (!IsOffered)
        {
            return SessionText.FaultsNotOffered;
        }

        if (await current.FindAsync(cancellationToken) is not { Role: Roles.Admin } admin)
        {
            return SessionText.FaultsForAdmins;
        }

        request();
        LogOrdered(admin.Id, what);
        return null;
    }

    [LoggerMessage(LogLevel.Information, "{UserId} changed the faults of the demo upstream: {What}")]
    private partial void LogOrdered(string userId, string what);
}
