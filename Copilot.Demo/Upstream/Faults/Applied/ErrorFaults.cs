using System.Globalization;
using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Protocol;
using Copilot.Demo.Upstream.WebSockets;
namespace Copilot.Demo.Upstream.Faults.Applied;

/// <summary>Faults that end the response with an error, in every shape an error has been seen in (protocol §3.6).</summary>
internal static class ErrorFaults
{
    public static IEnumerable<KeyValuePair<string, Func<ResponseFault>>> All =>
    [
        new("previous_response_not_found", () => new ParentNotFound()),
        new("limit_between_turns", () => new Limit(closes: false)),
        new("limit_between_turns_close", () => new Limit(closes: true)),
        new("limit_in_flight", () => new Limit(closes: false)),
        new("limit_in_flight_close", () => new Limit(closes: true)),
        new("limit_idle", () => new IdleLimit(closes: false)),
        new("limit_idle_close", () => new IdleLimit(closes: true)),

        Error("rate_limit_header", fault => Limited(fault, inMessage: false) with { Headers = RetryAfter(fault), HeadersOutside = true }),
        Error("rate_limit_body", fault => Limited(fault, inMessage: false) with { Headers = RetryAfter(fault) }),
        Error("rate_limit_message", fault => Limited(fault, inMessage: true)),
        Error("server_is_overloaded", _ => Server(503, "server_is_overloaded", "Our servers are currently overloaded. Please try again later.")),
        Error("slow_down", _ => Server(503, "slow_down", "Requests come in faster than they can be served. Please slow down.")),
        Error("error_503", _ => Server(503, null, "The service is unavailable.")),
        Error("error_500", _ => ApiError.ServerError()),
        Error("context_length_exceeded", _ => ApiError.Invalid(
            "Your input exceeds the context window of this model. Please adjust your input and try again.", "input", "context_length_exceeded")),
        Error("insufficient_quota", _ => new ApiError(
            429, "insufficient_quota", "insufficient_quota", "You exceeded your current quota, please check your plan and billing details.", null)),
        Error("usage_not_included", _ => new ApiError(
            403, "invalid_request_error", "usage_not_included", "To use this, upgrade your plan.", null)),
        Error("invalid_prompt", _ => ApiError.Invalid("The prompt was refused as potentially violating the usage policy.", "input", "invalid_prompt")),
        Error("cyber_policy", _ => ApiError.Invalid("The request was refused for cyber security reasons.", "input", "cyber_policy")),
        Error("invalid_api_key", _ => new ApiError(
            401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided.", null)),

        new("rate_limit_failed", () => new Failed(errorFirst: false, scene => Limited(scene.Fault, inMessage: true))),
        new("response_failed", () => new Failed(errorFirst: false, _ => ApiError.ServerError())),
        new("error_then_failed", () => new Failed(errorFirst: true, _ => ApiError.ServerError())),

        new("error_flat", () => new Shape(scene => new JsonObject
        {
            ["type"] = "error",
            ["sequence_number"] = scene.Sent,
            ["code"] = "server_error",
            ["message"] = ApiError.ServerError().Message,
            ["param"] = null,
        })),
        new("error_nested", () => new Shape(scene => new JsonObject
        {
            ["type"] = "error",
            ["sequence_number"] = scene.Sent,
            ["error"] = ApiError.ServerError().ToInnerJson(),
        })),
        new("usage_limit_reached", () => new Shape(scene => new JsonObject
        {
            ["type"] = "error",
            ["status"] = 429,
            ["error"] = new JsonObject
            {
                ["type"] = "usage_limit_reached",
                ["message"] = "The usage limit has been reached",
                ["resets_in_seconds"] = scene.Fault.Seconds,
            },
        })),
        new("error_detail", () => new Shape(_ => new JsonObject
        {
            ["type"] = "error",
            ["error"] = new JsonObject { ["detail"] = "Unsupported parameter: demo" },
            ["status"] = 400,
        })),
    ];

    private static KeyValuePair<string, Func<ResponseFault>> Error(string name, Func<FaultRequest, ApiError> make) =>
        new(name, () => new Plain(make));

    private static ApiError Server(int status, string? code, string message) => new(status, "server_error", code, message, null);

    private static ApiError Limited(FaultRequest fault, bool inMessage) => new(
        429,
        "rate_limit_error",
        "rate_limit_exceeded",
        inMessage
            ? string.Create(CultureInfo.InvariantCulture, $"Rate limit reached for demo on tokens per min (TPM). Please try again in {fault.Seconds}s.")
            : "Rate limit reached for demo on tokens per min (TPM).",
        null);

    private static JsonObject RetryAfter(FaultRequest fault) =>
        new() { ["retry-after"] = string.Create(CultureInfo.InvariantCulture, $"{fault.Seconds}") };

    /// <summary>An HTTP status if still possible, else the envelope of WebSocket mode.</summary>
    private static async Task SteerAsync(FaultScene scene, ApiError error, CancellationToken cancellationToken)
    {
        if (scene.CanRefuse)
        {
            throw new RequestRejectedException(error);
        }

        await scene.Wire.SendAsync(error.ToSocketEvent(streamId: null), cancellationToken);
    }

    private sealed class Plain(Func<FaultRequest, ApiError> make) : ResponseFault
    {
        public override async Task ApplyAsync(FaultScene scene, JsonObject next, CancellationToken cancellationToken)
        {
            await SteerAsync(scene, make(scene.Fault), cancellationToken);
            throw new ResponseStoppedException();
        }
    }

    private sealed class ParentNotFound : ResponseFault
    {
        public override bool Spares(FaultScene scene) => scene.Request.PreviousResponseId is null;

        public override async Task ApplyAsync(FaultScene scene, JsonObject next, CancellationToken cancellationToken)
        {
            await SteerAsync(scene, ApiError.PreviousResponseNotFound(scene.Request.PreviousResponseId!), cancellationToken);
            throw new ResponseStoppedException();
        }
    }

    /// <summary>The age limit, for the connection and not for one lane.</summary>
    private sealed class Limit(bool closes) : ResponseFault
    {
        public override async Task ApplyAsync(FaultScene scene, JsonObject next, CancellationToken cancellationToken)
        {
            await ExpireAsync(scene, closes, cancellationToken);
            throw new ResponseStoppedException();
        }

        public static async Task ExpireAsync(FaultScene scene, bool closes, CancellationToken cancellationToken)
        {
            scene.Wire.Expire();
            await scene.Wire.SendTextAsync(JsonText.Write(ApiError.ConnectionLimit().ToSocketEvent(streamId: null)), cancellationToken);
            if (closes)
            {
                await scene.EndAsync(SocketEnd.Close(1000, "connection limit reached"), cancellationToken);
            }
        }
    }

    private sealed class IdleLimit(bool closes) : ResponseFault
    {
        public override async Task PassAsync(FaultScene scene, JsonObject responseEvent, CancellationToken cancellationToken)
        {
            await scene.SendAsync(responseEvent, cancellationToken);
            if (FaultScene.IsTerminal(responseEvent))
            {
                await Limit.ExpireAsync(scene, closes, cancellationToken);
            }
        }
    }

    /// <summary>The response itself reports its failure; an <c>error</c> event may report it first.</summary>
    private sealed class Failed(bool errorFirst, Func<FaultScene, ApiError> make) : ResponseFault
    {
        public override async Task ApplyAsync(FaultScene scene, JsonObject next, CancellationToken cancellationToken)
        {
            var error = make(scene);
            var number = scene.Sent;
            if (errorFirst)
            {
                var reported = error.ToSocketEvent(streamId: null);
                reported["sequence_number"] = number++;
                await scene.Wire.SendAsync(reported, cancellationToken);
            }

            var response = scene.Response ?? (JsonObject)next["response"]!.DeepClone();
            response["status"] = "failed";
            response["error"] = new JsonObject { ["code"] = error.Code, ["message"] = error.Message };
            await scene.Wire.SendAsync(
                new JsonObject { ["type"] = "response.failed", ["sequence_number"] = number, ["response"] = response.DeepClone() },
                cancellationToken);
            throw new ResponseStoppedException();
        }
    }

    private sealed class Shape(Func<FaultScene, JsonObject> make) : ResponseFault
    {
        public override async Task ApplyAsync(FaultScene scene, JsonObject next, CancellationToken cancellationToken)
        {
            await scene.Wire.SendAsync(make(scene), cancellationToken);
            throw new ResponseStoppedException();
        }
    }
}
