using Copilot.Web.Identity;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Sessions;

namespace Copilot.Web.Components.Access;

/// <summary>Makes one change in the name of the signed-in person, and says what came of it.</summary>
internal static class AccessChange
{
    /// <summary>Makes it. Nothing is said when everything was so already.</summary>
    /// <param name="changing">Who makes it.</param>
    /// <param name="toasts">Where it is said.</param>
    /// <param name="logger">Where a failure is noted.</param>
    /// <param name="change">The change.</param>
    /// <param name="done">What is said when it is made.</param>
    /// <param name="undo">Takes it back; null where that cannot be.</param>
    /// <returns>Whether it is made.</returns>
    public static async Task<bool> MakeAsync(
        ChangingPerson changing, Toasts toasts, ILogger logger, Func<ChangedBy, Task<PersonChange>> change, string done, Func<Task>? undo)
    {
        try
        {
            if (await changing.FindAsync(CancellationToken.None) is not { } by)
            {
                toasts.Warn(AccessText.SignedOut);
                return false;
            }

            var result = await change(by);
            if (!result.Succeeded)
            {
                toasts.Warn(string.Join(" ", result.Problems));
            }
            else if (!result.IsUnchanged)
            {
                toasts.Say(done, undo);
            }

            return result.Succeeded;
        }
        catch (Exception exception)
        {
            AccessLog.Failed(logger, exception);
            toasts.Warn(AccessText.Failed);
            return false;
        }
    }
}
