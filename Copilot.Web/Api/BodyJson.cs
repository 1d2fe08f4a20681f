using System.Text.Json.Serialization;
using Copilot.Web.Api.Comments;
using Copilot.Web.Api.Forking;
using Copilot.Web.Api.Incident;
using Copilot.Web.Api.Retention;
using Copilot.Web.Api.Rules;
using Copilot.Web.Api.Runs;
using Copilot.Web.Api.Supervising;

namespace Copilot.Web.Api;

/// <summary>The JSON of requests: snake case; fields that are not known are ignored.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CreateRunBody))]
[JsonSerializable(typeof(ForkBody))]
[JsonSerializable(typeof(SteerBody))]
[JsonSerializable(typeof(CancelBody))]
[JsonSerializable(typeof(CommandBody))]
[JsonSerializable(typeof(DecisionBody))]
[JsonSerializable(typeof(AnswerBody))]
[JsonSerializable(typeof(RaiseBudgetBody))]
[JsonSerializable(typeof(LeverBody))]
[JsonSerializable(typeof(RetentionRuleBody))]
[JsonSerializable(typeof(LegalHoldBody))]
[JsonSerializable(typeof(RuleBody))]
[JsonSerializable(typeof(CommentBody))]
[JsonSerializable(typeof(CommentPatch))]
internal sealed partial class BodyJson : JsonSerializerContext;
