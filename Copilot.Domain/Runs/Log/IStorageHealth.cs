namespace Copilot.Domain.Runs.Log;

/// <summary>Whether events can be saved right now.</summary>
public interface IStorageHealth
{
    /// <summary>Null when all is well, else one sentence that says what is wrong.</summary>
    string? Problem { get; }

    /// <summary>Completes at the next change of <see cref="Problem"/>.</summary>
    Task Changed { get; }
}
