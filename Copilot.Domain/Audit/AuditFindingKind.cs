namespace Copilot.Domain.Audit;

/// <summary>What a verification can find.</summary>
public enum AuditFindingKind
{
    /// <summary>A row does not say what it said when it was written.</summary>
    Changed,

    /// <summary>The content of an event, or the salt of its digest, is not what it was.</summary>
    ContentChanged,

    /// <summary>The content of an event is gone, and no deletion record says why.</summary>
    ContentRemoved,

    /// <summary>The hash of a row was changed; what it says is as it was.</summary>
    HashChanged,

    /// <summary>Rows are missing between others.</summary>
    Removed,

    /// <summary>Rows are not at the place where they were written.</summary>
    Reordered,

    /// <summary>A row was put in that never belonged there.</summary>
    Inserted,

    /// <summary>A row of another chain stands here, and is missing there.</summary>
    MovedToOtherChain,

    /// <summary>The newest rows are missing.</summary>
    Cut,

    /// <summary>All of a chain is missing.</summary>
    ChainRemoved,

    /// <summary>The rows hold together, and are not those that were sealed: they were written anew.</summary>
    Rewritten,

    /// <summary>A checkpoint does not say what it said when it was signed.</summary>
    CheckpointChanged,

    /// <summary>Checkpoints are missing between others.</summary>
    CheckpointRemoved,

    /// <summary>The newest checkpoints are missing.</summary>
    CheckpointsCut,

    /// <summary>The heads under a checkpoint are not those that it sealed.</summary>
    HeadsChanged,

    /// <summary>A checkpoint's signature is not that of its key.</summary>
    SignatureWrong,

    /// <summary>A checkpoint was signed by a key whose public half is not here.</summary>
    KeyUnknown,

    /// <summary>The checkpoint that was exported is not the one of that number here.</summary>
    OtherCheckpoint,

    /// <summary>A finished deletion record does not say what it said when it was sealed.</summary>
    DeletionChanged,

    /// <summary>A finished deletion record is missing.</summary>
    DeletionRemoved,
}
