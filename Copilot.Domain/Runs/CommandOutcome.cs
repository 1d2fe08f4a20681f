namespace Copilot.Domain.Runs;

/// <summary>How a command was taken. What it does is seen as events.</summary>
public enum CommandOutcome
{
    /// <summary>The run will carry it out.</summary>
    Accepted,

    /// <summary>There is no such run.</summary>
    NotFound,

    /// <summary>The run is not in a state in which this can be done (for example: it has ended).</summary>
    NotPossible,
}
