using System.Globalization;
using Copilot.Domain.Costs;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Files;
using Copilot.Web.Identity;
using Copilot.Web.Storage.Runs;
using Copilot.Web.Storage.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Api.Runs;

/// <summary><c>POST /api/runs</c>: starts a run, and with <c>?wait=</c> also waits for it to rest.</summary>
internal sealed class CreateRun(
    IRuns runs,
    IRunAccess access,
    IRunEventStore store,
    SessionStore sessions,
    AgentStore agents,
    IdempotentStart idempotent,
    FileStore files,
    RunCompletionWaiter rest,
    AccessChanges changes,
    PriceTable prices,
    IOptions<UpstreamOptions> upstream,
    TimeProvider time)
{
    /// <summary>Longest <c>?wait=</c>, in seconds.</summary>
    public const int MaxWait = 100;

    /// <summary>Answers the request.</summary>
    public async Task<IResult> HandleAsync(HttpContext context, ApiCaller caller)
    {
        var aborted = context.RequestAborted;
        if (Wait(context.Request) is not { } wait)
        {
            return ApiProblem.BadRequest(ApiText.WaitInvalid(MaxWait));
        }

        if (!TryReadIdempotencyKey(context.Request, out var idempotencyKey))
        {
            return ApiProblem.BadRequest(ApiText.KeyLength(IdempotentStart.MaxKeyLength));
        }

        var (bytes, problem) = await RequestBody.ReadAsync(context.Request, aborted);
        if (problem is not null)
        {
            return problem;
        }

        (var body, problem) = RequestBody.Parse(bytes, CreateRunBody.Read);
        if (body is null)
        {
            return problem!;
        }

        var keyRevoked = changes.TokenFor(caller.KeyId);
        var owner = body.SessionId is null
            ? new RunOwner(caller.User.Id, caller.User.TeamId)
            : await sessions.FindAsync(body.SessionId, aborted) is { } session
                ? new RunOwner(session.UserId, session.TeamId)
                : null;
        if (owner is null || await access.TryAcquireAsync(caller.User.Id, owner, RunAction.Write, aborted) is not { } lease)
        {
            return ApiProblem.NotFound();
        }

        if (body.SessionId is not null && await sessions.IsBeingErasedAsync(body.SessionId, aborted))
        {
            return ApiProblem.Of(StatusCodes.Status409Conflict, ApiText.SessionBeingDeleted);
        }

        var chosen = await files.ChooseAsync(body.FileIds, caller.User.Id, body.SessionId, aborted);
        if (chosen.Problem is not null)
        {
            return ApiProblem.BadRequest(chosen.Problem);
        }

        var request = new RunRequest
        {
            SessionId = body.SessionId ?? "",
            Owner = owner,
            Actor = lease.Actor,
            Agent = await agents.GetDefaultAsync(aborted),
            Input = body.Input,
            Files = chosen.Files,
            Parent = new RunParent.Latest(),
            Metadata = body.Metadata,
            BudgetMicros = body.BudgetMicros,
            TextFormat = body.TextFormat,
        };
        var model = request.Agent.Model ?? upstream.Value.Model;
        if (body.BudgetMicros is not null && prices.Find(model) is null)
        {
            // What has no price costs nothing that could be counted: such a budget would hold nobody.
            return ApiProblem.BadRequest(ApiText.BudgetWithoutPrice(model));
        }

        StartOutcome? outcome;
        try
        {
            outcome = await StartAsync(caller, idempotencyKey, bytes, request, aborted);
        }
        catch (ArgumentException exception)
        {
            // The one exception whose text is meant for the caller (IRuns.StartAsync).
            return ApiProblem.BadRequest(exception.Message);
        }

        return outcome switch
        {
            StartOutcome.Started started => await AnswerAsync(context, started.Run, wait, lease, keyRevoked),
            StartOutcome.TooMany tooMany =>
                ApiProblem.TryLater(StatusCodes.Status429TooManyRequests, tooMany.Message, tooMany.RetryAfter),
            _ => ApiProblem.Of(
                StatusCodes.Status422UnprocessableEntity,
                ApiText.KeyReused),
        };
    }

    // A start is not given up when its caller leaves: it might have been committed already.
    private async Task<StartOutcome?> StartAsync(
        ApiCaller caller, string? idempotencyKey, ReadOnlyMemory<byte> body, RunRequest request, CancellationToken aborted) =>
        idempotencyKey is null
            ? await runs.StartAsync(
                request.SessionId.Length > 0 ? request : request with { SessionId = RunIds.NewSession(time) },
                CancellationToken.None)
            : (await idempotent.StartAsync(caller.KeyId, idempotencyKey, body, request, aborted)).Outcome;

    private async Task<IResult> AnswerAsync(
        HttpContext context, RunSummary run, TimeSpan wait, AccessLease lease, CancellationToken keyRevoked)
    {
        context.Response.Headers.Location = RunReceipt.RunPath(run.RunId);
        if (wait > TimeSpan.Zero)
        {
            using var tooLong = new CancellationTokenSource(wait, time);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(
                context.RequestAborted, lease.Revoked, keyRevoked, tooLong.Token);
            try
            {
                run = await rest.WaitAsync(run, ended.Token);
                return Json(RunDocument.From(run), StatusCodes.Status200OK);
            }
            catch (OperationCanceledException) when (lease.Revoked.IsCancellationRequested || keyRevoked.IsCancellationRequested)
            {
                return ApiProblem.NotFound();
            }
            catch (OperationCanceledException) when (tooLong.IsCancellationRequested)
            {
                run = await store.FindAsync(run.RunId, context.RequestAborted) ?? run;
            }
        }

        return Json(RunReceipt.For(run), StatusCodes.Status202Accepted);
    }

    private static JsonHttpResult<T> Json<T>(T value, int status) =>
        TypedResults.Json(value, ApiJson.Default.Options, statusCode: status);

    private static TimeSpan? Wait(HttpRequest request) =>
        !request.Query.TryGetValue("wait", out var text) ? TimeSpan.Zero
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= MaxWait
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private static bool TryReadIdempotencyKey(HttpRequest request, out string? key)
    {
        key = null;
        if (!request.Headers.TryGetValue("Idempotency-Key", out var values))
        {
            return true;
        }

        key = values is [{ } value] ? value.Trim() : null;
        return key is { Length: > 0 and <= IdempotentStart.MaxKeyLength };
    }
}
