using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Copilot.Domain.Costs;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Telemetry;
using Copilot.Web.Api.Callbacks;
using Copilot.Web.Identity;
using Copilot.Web.Security;
using Copilot.Web.Runs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Copilot.Web.Api.Runs;

/// <summary><c>POST /api/runs</c>: starts a run, and with <c>?wait=</c> also waits until it has settled.</summary>
internal sealed class StartEndpoint(
    StartRun start,
    IRunAccess access,
    RunWait waits,
    RunDocuments documents,
    RunCallbacks callbacks,
    AccessChanges changes)
{
    /// <summary>Answers the request.</summary>
    public async Task<IResult> HandleAsync(HttpContext context, ApiCaller caller, JsonBody<CreateRunBody> sent)
    {
        var aborted = context.RequestAborted;
        if (RunWait.Of(context.Request) is not { } wait)
        {
            return ApiProblem.BadRequest(ApiText.WaitInvalid(RunWait.MaxSeconds));
        }

        if (wait > TimeSpan.Zero && !caller.Scopes.Contains(ApiScopes.RunsRead))
        {
            // What it would answer with is the run itself.
            return ApiProblem.Of(StatusCodes.Status403Forbidden, ApiText.ScopeMissing(ApiScopes.RunsRead));
        }

        if (!TryReadIdempotencyKey(context.Request, out var idempotencyKey))
        {
            return ApiProblem.BadRequest(ApiText.KeyLength(IdempotentStart.MaxKeyLength));
        }

        if (!sent.TryGet(out var body, out var problem) || !TryReadFormat(body, sent.Bytes, out var format, out problem))
        {
            return problem;
        }

        if (body.CallbackUrl is not null && !callbacks.AreOffered)
        {
            return ApiProblem.OfField(StatusCodes.Status422UnprocessableEntity, "callback_url", ApiText.CallbacksNotOffered);
        }

        var keyRevoked = changes.TokenFor(caller.KeyId);
        var request = new StartRunRequest
        {
            Caller = new RunOwner(caller.User.Id, caller.User.TeamId),
            ApiKeyId = caller.KeyId,
            Trace = TraceParent.Read(context.Request.Headers[TraceParent.Header]),
            SessionId = body.SessionId,
            Input = body.Input ?? "",
            FileIds = body.Files ?? [],
            Parent = new RunParent.Latest(),
            Metadata = body.Metadata ?? new Dictionary<string, string>(),
            BudgetMicros = body.Budget is { } budget ? Money.ToMicros(budget) : null,
            TextFormat = format,
            Idempotency = idempotencyKey is null ? null : new IdempotencyKey(caller.KeyId, idempotencyKey, sent.Bytes),
        };

        // A start is not given up when its caller leaves: it might have been committed already.
        var result = await start.StartAsync(request, aborted, CancellationToken.None);
        if (result.Run is not { } run)
        {
            return CommandProblem.Of(result, conflict: ApiText.SessionBeingDeleted);
        }

        if (body.CallbackUrl is not null)
        {
            await callbacks.AddAsync(run.RunId, body.CallbackUrl, CancellationToken.None);
        }

        return await AnswerAsync(context, caller, run, wait, keyRevoked);
    }

    private async Task<IResult> AnswerAsync(
        HttpContext context, ApiCaller caller, RunSummary run, TimeSpan wait, CancellationToken keyRevoked)
    {
        context.Response.Headers.Location = RunReceipt.RunPath(run.RunId);
        if (wait > TimeSpan.Zero)
        {
            var owner = new RunOwner(run.UserId, run.TeamId);
            if (await access.TryAcquireAsync(caller.User.Id, owner, RunAction.View, context.RequestAborted) is not { } lease)
            {
                return ApiProblem.NotFound();
            }

            if (await waits.WaitAsync(caller, new LeasedRun(run, lease, keyRevoked), wait, context.RequestAborted) is not { } waited)
            {
                return ApiProblem.NotFound();
            }

            if (waited.HasRested)
            {
                return Json(await documents.ReadAsync(waited.Run, context.RequestAborted), StatusCodes.Status200OK);
            }

            run = waited.Run;
        }

        return Json(RunReceipt.For(run), StatusCodes.Status202Accepted);
    }

    private static JsonHttpResult<T> Json<T>(T value, int status) =>
        TypedResults.Json(value, ApiJson.Default.Options, statusCode: status);

    // The format is passed on as it came, so it is taken from the bytes and not written anew.
    private static bool TryReadFormat(
        CreateRunBody body, ReadOnlyMemory<byte> bytes, out ReadOnlyMemory<byte> format, [NotNullWhen(false)] out IResult? problem)
    {
        (format, problem) = (default, null);
        if (body.Text?.Format is not { IsStructured: true } asked)
        {
            return true;
        }

        using var document = JsonDocument.Parse(bytes);
        format = Encoding.UTF8.GetBytes(document.RootElement.GetProperty("text").GetProperty("format").GetRawText());
        if (asked.Flaw(format.Length) is { } flaw)
        {
            problem = ApiProblem.OfField(StatusCodes.Status422UnprocessableEntity, flaw.Field, flaw.Sentence);
        }

        return problem is null;
    }

    /// <summary>The key of a request; false where it cannot be used.</summary>
    internal static bool TryReadIdempotencyKey(HttpRequest request, out string? key)
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
