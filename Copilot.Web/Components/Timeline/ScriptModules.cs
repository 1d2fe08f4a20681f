using Microsoft.JSInterop;

namespace Copilot.Web.Components.Timeline;

/// <summary>Loads ES modules that work by themselves once they are in the page.</summary>
internal static class ScriptModules
{
    /// <summary>Loads a module; a circuit that is already gone needs none.</summary>
    public static async Task LoadModuleAsync(this IJSRuntime script, string path)
    {
        try
        {
            await using var module = await script.InvokeAsync<IJSObjectReference>("import", path);
        }
        catch (JSDisconnectedException)
        {
            // The page was left while its module was on the way: there is nothing to do any more.
            return;
        }
    }
}
