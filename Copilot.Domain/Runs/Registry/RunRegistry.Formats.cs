using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;

namespace Copilot.Domain.Runs.Registry;

/// <summary>The format of an answer that is asked for once more.</summary>
public sealed partial class RunRegistry
{
    /// <summary>A retry or an edit asks for the format of the run it repeats, unless it names one.</summary>
    private async Task<ReadOnlyMemory<byte>> TextFormatAsync(RunRequest request, CancellationToken cancellationToken)
    {
        if (!request.TextFormat.IsEmpty || request.Parent is not RunParent.SameAs same)
        {
            return request.TextFormat;
        }

        return await _store.ReadAsync(same.RunId, 0, 1, cancellationToken).ConfigureAwait(false)
            is [{ Type: RunEventTypes.RunCreated, IsErased: false } created]
                ? RunCreation.Read(created).TextFormat
                : default;
    }
}
