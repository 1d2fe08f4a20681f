using Copilot.Domain.Replay.Compare;

namespace Copilot.Web.Components.RunScreen.Compare;

/// <summary>
/// The texts of two runs, compared one step after the other, away from the page: long ones take a while, and it draws what is there already.
/// </summary>
/// <param name="steps">The steps beside each other.</param>
internal sealed class ComparedTexts(IReadOnlyList<StepPair> steps)
{
    // Often enough to see that it goes on.
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(100);

    private readonly StepTexts?[] _texts = new StepTexts?[steps.Count];
    private volatile int _count;

    /// <summary>How many steps were compared.</summary>
    public int Count => _count;

    /// <summary>How many there are.</summary>
    public int Total => steps.Count;

    /// <summary>The texts of a step; null until they were compared.</summary>
    /// <param name="place">Its place, from 0.</param>
    public StepTexts? At(int place) => place < _count ? _texts[place] : null;

    /// <summary>Compares them all; call it once, on any thread.</summary>
    /// <param name="work">What it may cost.</param>
    /// <param name="time">How often something is said about it.</param>
    /// <param name="onProgress">Called now and then, and at the end.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public void Compare(DiffWork work, TimeProvider time, Action onProgress, CancellationToken cancellationToken)
    {
        var reported = time.GetTimestamp();
        for (var place = 0; place < steps.Count; place++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _texts[place] = StepTexts.Of(steps[place], work, cancellationToken);
            _count = place + 1;
            if (time.GetElapsedTime(reported) >= s_pace)
            {
                reported = time.GetTimestamp();
                onProgress();
            }
        }

        onProgress();
    }
}
