using Copilot.Domain.Runs.Forks;

namespace Copilot.Domain.Runs;

/// <summary>What a new run continues.</summary>
public abstract record RunParent
{
    private RunParent()
    {
    }

    /// <summary>The newest run of the session, or nothing in a new session.</summary>
    public sealed record Latest : RunParent;

    /// <summary>The run at the tip of the branch somebody looks at. While the session is busy, the end of its queue instead.</summary>
    public sealed record After(string RunId) : RunParent;

    /// <summary>
    /// What a run that has failed or was stopped had completed: its calls with their outputs, without the answer that was cut. It is
    /// continued, not repeated.
    /// </summary>
    public sealed record Step(string RunId) : RunParent;

    /// <summary>The same parent as another run's: a retry or an edit, a sibling branch.</summary>
    public sealed record SameAs(string RunId) : RunParent;

    /// <summary>What another run had done up to a step, in a session of its own. The caller has checked that the person may see it.</summary>
    public sealed record Fork(RunFork Of) : RunParent;
}
