namespace Copilot.Domain.Erasure.Records;

/// <summary>What proves that the upstream no longer has a response.</summary>
public enum ErasureProof
{
    /// <summary>It was stored and then deleted: retrieving it afterwards returns 404.</summary>
    DeletedUpstream,

    /// <summary>It was not stored and existed only as long as its socket, which is closed.</summary>
    SocketClosed,

    /// <summary>It was requested over HTTP with <c>store:false</c>, so it was never stored.</summary>
    HttpNotStored,

    /// <summary>No proof is possible: the request may have been stored and its response's id was never received, or the log does not say how its socket ended.</summary>
    None,
}
