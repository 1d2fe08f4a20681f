namespace Copilot.Domain.Runs.Actor;

/// <summary>Unwinds the run's loop to its end, from wherever a message says that it is over.</summary>
internal sealed class RunEndingException(RunEnd end) : Exception
{
    public RunEnd End { get; } = end;
}
