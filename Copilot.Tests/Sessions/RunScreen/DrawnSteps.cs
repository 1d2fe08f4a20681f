using Copilot.Tests.Shared.Clock;
using Copilot.Web.Sessions.Timelines;

namespace Copilot.Tests.Sessions.RunScreen;

/// <summary>What a page has drawn of a run, newest last.</summary>
internal sealed class DrawnSteps
{
    private readonly Lock _lock = new();
    private readonly List<TimelineStep> _steps = [];
    private TaskCompletionSource _drawn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task DrawAsync(TimelineStep step)
    {
        lock (_lock)
        {
            _steps.Add(step);
            _drawn.TrySetResult();
            _drawn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return Task.CompletedTask;
    }

    /// <summary>The first step that has come so far.</summary>
    public async Task<TimelineStep> ReachAsync(long seq)
    {
        while (true)
        {
            Task next;
            lock (_lock)
            {
                if (_steps.Find(step => step.State.HeadSeq >= seq) is { } reached)
                {
                    return reached;
                }

                next = _drawn.Task;
            }

            await next.Soon($"event {seq} is drawn");
        }
    }
}
