using System.Collections.Immutable;
using Copilot.Demo.Upstream.Protocol;
using Copilot.Demo.Upstream.Storing;

namespace Copilot.Demo.Upstream.Answering;

/// <summary>A request that will be answered, with all the model reads.</summary>
/// <param name="Request">The valid request.</param>
/// <param name="Parent">The response it continues from, or null.</param>
/// <param name="Context">The parent's conversation and the request's own input.</param>
/// <param name="Cut">Where a fault cuts the answer short, or null.</param>
/// <param name="Steered">What may steer the response while it is made, or null over HTTP.</param>
internal sealed record PreparedResponse(
    CreateRequest Request,
    StoredResponse? Parent,
    ImmutableArray<ConversationItem> Context,
    AnswerCut? Cut,
    SteeredResponse? Steered);
