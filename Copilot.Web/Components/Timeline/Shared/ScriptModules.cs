using Microsoft.JSInterop;

namespace Copilot.Web.Components.Timeline.Shared;

/// <summary>Loads ES modules that work by themselves once they are in the page.</summary>
internal static class ScriptModules
{
    /// <summary>
    /// Loads a module. Without it times stand still and copying does nothing, but everything can be read: neither a page that
    /// was left meanwhile nor a network that lost the file may end the circuit.
    /// </summary>
    public static async Task LoadModuleAsync(this IJSRuntime script, string path)
    {
        try
        {
            await using var module = await script.InvokeAsync<IJSObjectReference>("import", path);
        }
        catch (Exception exception) when (exception is JSException or JSDisconnectedException or OperationCanceledException)
        {
            // Said above: the page goes on as it is.
            return;
        }
    }
}
