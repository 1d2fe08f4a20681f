using System.Collections.Concurrent;
using Copilot.Domain.Tools.Switches;

namespace Copilot.Tests.Shared.Runs;

/// <summary>Tools that the test switches.</summary>
internal sealed class ToolSwitchBoard : IToolSwitches
{
    private readonly ConcurrentDictionary<string, bool> _off = [];

    public void SwitchOff(string tool) => _off[tool] = true;

    public void SwitchOn(string tool) => _off.TryRemove(tool, out _);

    public bool IsOff(string tool) => _off.ContainsKey(tool);
}
