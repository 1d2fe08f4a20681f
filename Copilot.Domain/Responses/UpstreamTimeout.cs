namespace Copilot.Domain.Responses;

/// <summary>The time-outs of the upstream connection. An event or decision caused by one names it.</summary>
public enum UpstreamTimeout
{
    /// <summary>The socket did not open within <c>Upstream:SocketHeadStart</c>, so HTTP took the request.</summary>
    HeadStart,

    /// <summary>The connect was not answered within <c>Upstream:ConnectTimeout</c>.</summary>
    Connect,

    /// <summary>Nothing came within <c>Upstream:FirstEventTimeout</c>. Any byte stops this time-out for good.</summary>
    FirstEvent,

    /// <summary>A ping was not answered within <c>Upstream:KeepAliveTimeout</c>.</summary>
    KeepAlive,

    /// <summary>Not one byte of a response came over HTTP within <c>Upstream:StallTimeout</c>. Any byte starts this time-out anew.</summary>
    Stall,

    /// <summary>The run's own time limit has passed.</summary>
    Run,
}

/// <summary>How time-outs are written in events.</summary>
public static class UpstreamTimeouts
{
    /// <summary>The time-out's name on the wire: <c>head_start</c>, <c>connect</c>, <c>first_event</c>, <c>keep_alive</c>, <c>stall</c>, <c>run</c>.</summary>
    public static string Wire(this UpstreamTimeout timeout) => timeout switch
    {
        UpstreamTimeout.HeadStart => "head_start",
        UpstreamTimeout.Connect => "connect",
        UpstreamTimeout.FirstEvent => "first_event",
        UpstreamTimeout.KeepAlive => "keep_alive",
        UpstreamTimeout.Stall => "stall",
        _ => "run",
    };
}
