using Copilot.Domain.Erasure;
using Copilot.Domain.Erasure.Retention;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Web.Runs.Comments;
using Copilot.Web.Storage;
using Microsoft.EntityFrameworkCore;

namespace Copilot.Web.Runs.Personal;

/// <summary>Erases all conversations of a person, who may be gone, and what they wrote about the runs of others. For admins.</summary>
internal sealed class PersonErasure(
    IDbContextFactory<CopilotDbContext> contexts, ErasureService erasures, PersonComments comments, IRunAccess access)
{
    // Owned by no one: only people who may erase every conversation have access.
    private static readonly RunOwner s_anyOwner = new("", "");

    /// <summary>Requests the erasure of each conversation that has content. Asking again changes nothing.</summary>
    /// <returns>How many were requested and how many are under a legal hold, and how many comments were erased; null for anyone who is not an admin.</returns>
    public async Task<PersonErasureResult?> RequestAsync(string readerId, string personId, CancellationToken cancellationToken)
    {
        if (await access.TryAcquireAsync(readerId, s_anyOwner, RunAction.Erase, cancellationToken) is null)
        {
            return null;
        }

        List<string> sessions;
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            sessions = await db.Sessions.AsNoTracking()
                .Where(session => session.UserId == personId && db.Runs.Any(run => run.SessionId == session.Id && run.ForgottenAt == null))
                .OrderBy(session => session.Id)
                .Select(session => session.Id)
                .ToListAsync(cancellationToken);
        }

        var (requested, held) = (0, 0);
        foreach (var session in sessions)
        {
            try
            {
                requested += await erasures.RequestAsync(readerId, session, delete: true, cancellationToken) is null ? 0 : 1;
            }
            catch (LegalHoldException)
            {
                held++;
            }
        }

        var (erased, kept) = await comments.EraseAsync(personId, cancellationToken);
        return new PersonErasureResult(requested, held, erased, kept);
    }
}
