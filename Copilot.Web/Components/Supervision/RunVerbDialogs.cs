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
    public static Task<bool> OpenAsync(IDialogService dialogs, RunVerb verb, RunSummary run, UserInfo user, string? callId) =>
        OpenAsync(dialogs, verb, run, user, new DialogParameters<RunVerbDialog> { { one => one.CallId, callId } });

    /// <summary>
    /// The same from a key: a call is decided with two of them, the second being Enter. Where nothing is written, the reason says no more
    /// than that.
    /// </summary>
    /// <param name="dialogs">The kit's dialogs.</param>
    /// <param name="verb">What is to be done.</param>
    /// <param name="run">The run, as the person saw it.</param>
    /// <param name="user">Who does it.</param>
    public static Task<bool> OpenByKeyAsync(IDialogService dialogs, RunVerb verb, RunSummary run, UserInfo user) =>
        OpenAsync(dialogs, verb, run, user, new DialogParameters<RunVerbDialog> { { one => one.WhenEmpty, SupervisionText.WhenEmpty(verb) } });

    /// <summary>Asks why somebody tells another's agent what they have written, and tells it.</summary>
    /// <param name="dialogs">The kit's dialogs.</param>
    /// <param name="run">The run, as the person saw it.</param>
    /// <param name="user">Who writes.</param>
    /// <param name="id">Made in the browser with the words: sent twice, they are said once.</param>
    /// <param name="text">The words; they can still be changed.</param>
    /// <returns>True when it was told.</returns>
    public static Task<bool> SayAsync(IDialogService dialogs, RunSummary run, UserInfo user, string id, string text) =>
        OpenAsync(dialogs, RunVerb.Say, run, user, new DialogParameters<RunVerbDialog> { { one => one.CommandId, id }, { one => one.Text, text } });

    /// <summary>Asks why somebody resumes another's run, and resumes it.</summary>
    /// <param name="dialogs">The kit's dialogs.</param>
    /// <param name="run">The run, as the person saw it.</param>
    /// <param name="user">Who does it.</param>
    /// <param name="repeat">Whether calls of unknown outcome run again; it can still be changed.</param>
    public static Task<bool> ResumeAsync(IDialogService dialogs, RunSummary run, UserInfo user, bool repeat) =>
        OpenAsync(dialogs, RunVerb.Resume, run, user, new DialogParameters<RunVerbDialog> { { one => one.Repeat, repeat } });

    private static async Task<bool> OpenAsync(
        IDialogService dialogs, RunVerb verb, RunSummary run, UserInfo user, DialogParameters<RunVerbDialog> parameters)
    {
        parameters.Add(one => one.Verb, verb);
        parameters.Add(one => one.Run, run);
        parameters.Add(one => one.User, user);
        var dialog = await dialogs.ShowAsync<RunVerbDialog>(
            SupervisionText.Name(verb),
            parameters,
            new DialogOptions { MaxWidth = MaxWidth.Small, FullWidth = true, BackdropClick = false });
        return (await dialog.Result)?.Data is true;
    }
}
