namespace Copilot.Domain.Responses;

/// <summary>What is prepared while a person types.</summary>
public enum WarmUpMode
{
    /// <summary>Nothing: a run connects when it starts.</summary>
    Off,

    /// <summary>The socket is opened.</summary>
    Socket,

    /// <summary>The socket is opened, and the upstream reads the conversation so far (<c>generate:false</c>).</summary>
    Request,
}
