namespace Copilot.Tests.Browser.Driving;

/// <summary>A shared process whose model answers as fast as it can, with tools that take no time.</summary>
public sealed class QuickApp() : SharedApp("Demo:TokensPerSecond=0", "DemoTools:Latency=00:00:00");
