namespace Copilot.Domain.Tools.Switches;

/// <summary>Which tools are switched off now, for all runs at once. Asked before each call, from memory.</summary>
public interface IToolSwitches
{
    /// <summary>True while calls of this tool are not carried out.</summary>
    /// <param name="tool">The tool's name.</param>
    bool IsOff(string tool);
}
