using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Responses.Sessions;

namespace Copilot.Domain.Runs.Actor;

internal sealed partial class RunUpstream
{
    /// <summary>Plans the next request on the open transport.</summary>
    /// <param name="settings">Everything beside the input.</param>
    /// <param name="input">The whole conversation as the log tells it; files are named and not carried.</param>
    public async Task<ResponsePlan> PlanAsync(ResponseSettings settings, IReadOnlyList<InputItem> input) =>
        session.Plan(
            Transport ?? throw new InvalidOperationException("Not connected."),
            settings,
            await WithFilesAsync(input, CancellationToken.None).ConfigureAwait(false));

    /// <summary>The input as it is sent: with the contents of the files that are there now. Whatever sends input takes it from here.</summary>
    public async Task<IReadOnlyList<InputItem>> WithFilesAsync(IReadOnlyList<InputItem> input, CancellationToken cancellationToken)
    {
        var ids = input.SelectMany(item => item.Files).Select(file => file.Id).ToHashSet();
        if (ids.Count == 0)
        {
            return input;
        }

        var found = await files.FindAsync(ids, cancellationToken).ConfigureAwait(false);
        return [.. input.Select(item => InputMessage.WithContents(item, file => found.GetValueOrDefault(file.Id)))];
    }
}
