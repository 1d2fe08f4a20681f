namespace Copilot.Web.Runs.Forking;

/// <summary>What carrying out a call once more means.</summary>
public enum ForkEffect
{
    /// <summary>It only reads.</summary>
    Reads,

    /// <summary>It changes something.</summary>
    Writes,

    /// <summary>A person is asked before.</summary>
    NeedsApproval,

    /// <summary>The model provider carries it out.</summary>
    AtProvider,

    /// <summary>There is no such tool any more: it cannot be carried out.</summary>
    Gone,
}
