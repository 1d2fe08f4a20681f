namespace Copilot.Web.Components.Timeline.Answers;

/// <summary>Where the browser gets a file that the upstream's code interpreter has made.</summary>
internal static class ContainerFileAddress
{
    /// <summary>For example <c>/runs/run_1/events/12/made-file/cfile_1</c>.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="seq">The event that refers to the file.</param>
    /// <param name="fileId">The API's <c>file_id</c>.</param>
    public static string Of(string runId, long seq, string fileId) =>
        FormattableString.Invariant($"/runs/{Uri.EscapeDataString(runId)}/events/{seq}/made-file/{Uri.EscapeDataString(fileId)}");
}
