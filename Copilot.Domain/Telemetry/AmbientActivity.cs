using System.Diagnostics;

namespace Copilot.Domain.Telemetry;

/// <summary>
/// Makes a span the current one for what begins inside its scope, or none: what begins there writes its log lines and sends its requests
/// in that trace. Afterwards everything is as it was.
/// </summary>
internal readonly ref struct AmbientActivity
{
    private readonly Activity? _before;

    private AmbientActivity(Activity? before) => _before = before;

    /// <summary>Enters a span that has begun; null for none.</summary>
    public static AmbientActivity Enter(Activity? activity)
    {
        var before = Activity.Current;
        Activity.Current = activity is { IsStopped: false } ? activity : null;
        return new AmbientActivity(before);
    }

    public void Dispose() => Activity.Current = _before is { IsStopped: false } ? _before : null;
}
