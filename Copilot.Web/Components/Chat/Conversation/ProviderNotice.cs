using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;

namespace Copilot.Web.Components.Chat.Conversation;

/// <summary>What a card says while the model provider is out of reach.</summary>
internal static class ProviderNotice
{
    /// <summary>The sentence; null where the newest of the run's requests goes well, and for a run that does not work.</summary>
    public static string? Of(TimelineState timeline)
    {
        if (timeline.Status is not RunStatus.Running)
        {
            return null;
        }

        for (var index = timeline.Items.Count - 1; index >= 0; index--)
        {
            switch (timeline.Items[index])
            {
                case StatusItem { Kind: StatusKind.RetryScheduled } retry:
                    return ChatText.Retrying(retry.Reason);
                case ConnectionItem { Phase: ConnectionPhase.Lost }:
                    return ChatText.ProviderLost;
                case ConnectionItem or AttemptItem or ResponseItem:
                    return null;
            }
        }

        return null;
    }
}
