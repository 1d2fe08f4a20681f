namespace Copilot.Demo.Upstream.Faults;

/// <summary>A fault that one request or upgrade is about to meet.</summary>
internal sealed class FaultRequest(DemoFaultKind kind, int? at, double? seconds, Func<bool> apply)
{
    public string Name => kind.Name;

    public DemoFaultStage Place => kind.Place;

    public FaultCount Counts => kind.Counts;

    public int At => at ?? kind.DefaultAt;

    public double Seconds => seconds ?? kind.DefaultSeconds;

    public TimeSpan Pause => TimeSpan.FromSeconds(Seconds);

    /// <summary>Counts one use; false when it has been used up meanwhile, and then nothing may happen.</summary>
    public bool Apply() => apply();
}
