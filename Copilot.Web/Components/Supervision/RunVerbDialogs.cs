using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Runs.Supervising;
using Copilot.Web.Sessions;
using MudBlazor;

namespace Copilot.Web.Components.Supervision;

/// <summary>Opens the dialog of a verb, from a button as from a key.</summary>
internal static class RunVerbDialogs
{
    /// <summary>Asks for what the verb needs and does it.</summary>
    /// <param name="dialogs">The kit's dialogs.</param>
    /// <param name="verb">What is to be done.</param>
    /// <param name="run">The run, as the person saw it.</param>
    /// <param name="user">Who does it.</param>
    /// <param name="callId">The call, where one was chosen; null for the first that waits.</param>
    /// <returns>True when it was done.</returns>
    public static async Task<bool> OpenAsync(IDialogService dialogs, RunVerb verb, RunSummary run, UserInfo user, string? callId)
    {
        var dialog = await dialogs.ShowAsync<RunVerbDialog>(
            SupervisionText.Name(verb),
            new DialogParameters<RunVerbDialog>
            {
                { one => one.Verb, verb },
                { one => one.Run, run },
                { one => one.User, user },
                { one => one.CallId, callId },
            },
            new DialogOptions { MaxWidth = MaxWidth.Small, FullWidth = true });
        return (await dialog.Result)?.Data is true;
    }
}
