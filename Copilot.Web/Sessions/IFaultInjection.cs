using System.Collections.Immutable;

namespace Copilot.Web.Sessions;

/// <summary>
/// The switches of an upstream that can be broken on purpose. The demo upstream is behind it; pages and their services know only
/// this, and whether somebody may touch it is for <see cref="FaultInjectionService"/> to say.
/// </summary>
internal interface IFaultInjection
{
    /// <summary>Everything that can be ordered, in the order of a menu.</summary>
    ImmutableArray<InjectableFault> Kinds { get; }

    /// <summary>The networks it can be put behind, from the best to the worst.</summary>
    ImmutableArray<SimulatedNetwork> Networks { get; }

    /// <summary>What is broken now. Another value after each change.</summary>
    FaultInjectionState Now { get; }

    /// <summary>Waits until it is another than the one that was seen.</summary>
    Task<FaultInjectionState> WhenChangedAsync(FaultInjectionState seen, CancellationToken cancellationToken);

    /// <summary>Requests a fault.</summary>
    /// <param name="kind">Its name, one of <see cref="Kinds"/>.</param>
    /// <param name="times">How often it strikes; null until it is stopped.</param>
    void Inject(string kind, int? times);

    /// <summary>Puts it behind a network; null is the direct way.</summary>
    void Use(string? network);

    /// <summary>Takes all orders back and goes the direct way.</summary>
    void StopAll();
}

/// <summary>A way to misbehave.</summary>
/// <param name="Name">What an order calls it.</param>
/// <param name="Place">When it strikes.</param>
/// <param name="Transport"><c>websocket</c> or <c>http</c> where it can only happen there, else null.</param>
/// <param name="Description">What happens, in a plain sentence.</param>
internal sealed record InjectableFault(string Name, FaultStage Place, string? Transport, string Description);

/// <summary>When a fault strikes.</summary>
internal enum FaultStage
{
    /// <summary>When a socket is opened.</summary>
    Opening,

    /// <summary>In a response.</summary>
    Response,

    /// <summary>When a request arrives by HTTP.</summary>
    Post,
}

/// <summary>A network to be put behind.</summary>
/// <param name="Name">What an order calls it.</param>
/// <param name="RoundTrip">There and back.</param>
/// <param name="DownMegabits">Megabits a second towards the product.</param>
/// <param name="Loss">Share of packets that are lost, 0 to 1.</param>
internal sealed record SimulatedNetwork(string Name, TimeSpan RoundTrip, double DownMegabits, double Loss);

/// <summary>What is broken on purpose. Compared by reference.</summary>
/// <param name="requests">The orders that are not used up, oldest first.</param>
/// <param name="network">The network it stands behind, or null.</param>
internal sealed class FaultInjectionState(ImmutableArray<InjectedFault> requests, string? network)
{
    /// <summary>Nothing is broken.</summary>
    public static FaultInjectionState None { get; } = new([], null);

    /// <summary>The orders that are not used up, oldest first.</summary>
    public ImmutableArray<InjectedFault> Requests => requests;

    /// <summary>The network it stands behind, or null for the direct way.</summary>
    public string? Network => network;

    /// <summary>True when anything is broken.</summary>
    public bool IsOn => !requests.IsEmpty || network is not null;
}

/// <summary>A fault that was ordered.</summary>
/// <param name="Kind">Its name.</param>
/// <param name="Left">How often it will still strike; null until it is stopped.</param>
internal sealed record InjectedFault(string Kind, int? Left);
