namespace Copilot.Domain.Tools.Switches;

/// <summary>No tool is switched off: where nobody can switch.</summary>
internal sealed class AllToolsOn : IToolSwitches
{
    /// <inheritdoc/>
    public bool IsOff(string tool) => false;
}
