namespace Copilot.Tests.Browser.Driving;

/// <summary>A product whose model takes long enough for an answer to do something meanwhile.</summary>
public sealed class SlowApp() : SharedApp("Demo:TokensPerSecond=15", "DemoTools:Latency=00:00:00");
