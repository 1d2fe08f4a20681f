namespace Copilot.Domain.Erasure;

/// <summary>What proves that the upstream has forgotten a response.</summary>
public enum ErasureProof
{
    /// <summary>It was stored: it was deleted, and asking for it afterwards is answered with 404.</summary>
    DeletedUpstream,

    /// <summary>It was not stored, and lived only as long as its socket, which is closed.</summary>
    SocketClosed,

    /// <summary>It was asked for over HTTP with <c>store:false</c>: there was nothing that could keep it.</summary>
    HttpNotStored,

    /// <summary>There can be none: the request may have been stored, and its response's id never came; or the log does not say how its socket ended.</summary>
    None,
}
