namespace Copilot.Domain.Runs.Registry;

/// <summary>A run's place among those that work or wait for their turn, from before its first commit until it is let go.</summary>
internal sealed class RunPlace(RunAdmission admission, RunClaim claim, bool isActive) : IDisposable
{
    /// <summary>On whose account it is.</summary>
    public RunClaim Claim => claim;

    /// <summary>True for a run that works, false for one that waits for its turn. Guarded by the admission's lock.</summary>
    public bool IsActive { get; set; } = isActive;

    /// <summary>Lets a run that waits for its turn work. False while there are too many that do.</summary>
    public bool TryActivate() => admission.TryActivate(this);

    /// <summary>Makes the place one of a run that waits for its turn.</summary>
    public void Queue() => admission.Queue(this);

    /// <summary>Gives the place back. Once is enough.</summary>
    public void Dispose() => admission.Leave(this);
}
