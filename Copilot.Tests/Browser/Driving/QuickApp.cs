namespace Copilot.Tests.Browser.Driving;

/// <summary>
/// A shared process whose model answers as fast as it can, with tools that take no time. Each collection of browser tests has one; a class
/// that changes what everybody sees (rules, people, levers), or counts it, has its own as a class fixture.
/// </summary>
public sealed class QuickApp() : SharedApp("Demo:TokensPerSecond=0", "DemoTools:Latency=00:00:00");
