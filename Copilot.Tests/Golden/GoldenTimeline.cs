using System.Globalization;
using System.Text;
using System.Text.Json;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.State;
using Copilot.Domain.Timeline.Text;

namespace Copilot.Tests.Golden;

/// <summary>A timeline as JSON, with every value and the event that set it.</summary>
internal static class GoldenTimeline
{
    /// <summary>Writes a state.</summary>
    public static void Write(Utf8JsonWriter json, TimelineState state)
    {
        json.WriteStartObject();
        json.WriteNumber("head", state.HeadSeq);
        json.WriteString("statuses", Track(state.Statuses, value => Number((int)value)));
        json.WriteString("transports", Track(state.Transports, value => $"{(int)value.Kind} {value.Reason}"));
        json.WriteString("usages", Track(state.Usages, GoldenResult.Usage));
        json.WriteString("costs", Track(state.Costs, GoldenResult.Cost));
        json.WriteString("agents", Track(state.Agents, value => $"{value.Name} {value.Model}"));
        json.WriteString("text_format", Track(state.TextFormat, value => value));
        json.WriteStartArray("items");
        foreach (var item in state.Items)
        {
            json.WriteStartObject();
            json.WriteString("item", $"{item.Ordinal} {item.FromSeq}-{item.ToSeq} {GoldenResult.Micros(item.At)} attempt {item.Attempt} superseded {item.Superseded?.Seq} open {item.IsOpen}");
            Write(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, TimelineItem item)
    {
        switch (item)
        {
            case UserMessageItem message:
                json.WriteString("message", $"{message.Text}|{Actor(message.Actor)}|{message.MessageId}");
                break;
            case StatusItem status:
                json.WriteString("status", $"{(int)status.Kind}|{status.Reason}|{GoldenResult.Ms(status.Delay)}|{(int?)status.From}|{(int?)status.To}|{Actor(status.Actor)}");
                break;
            case ConnectionItem connection:
                json.WriteString("connection", $"{(int?)connection.Kind} {connection.Host}");
                json.WriteString("phases", Track(connection.Phases, step =>
                    $"{(int)step.Phase}|{GoldenResult.Ms(step.Elapsed)}|{step.Reason}|{step.CloseCode}|{step.Prepared}"));
                json.WriteString("warmed", Track(connection.Warmed, Number));
                break;
            case RawItem raw:
                json.WriteString("raw", $"{raw.Type} {raw.Forgotten}");
                json.WriteString("events", string.Join('\n', raw.Events.Select(one => $"{one.Seq}: {Encoding.UTF8.GetString(one.Data.Span)}")));
                break;
            case EndItem end:
                json.WriteString("end", $"{(int)end.Status} {GoldenResult.Ms(end.Duration)} {end.IncompleteReason}|{end.Reason}|{Actor(end.Actor)}");
                json.WriteString("usage", GoldenResult.Usage(end.Usage));
                json.WriteString("cost", GoldenResult.Cost(end.Cost));
                json.WriteString("error", end.Error is { } error ? $"{error.Code}|{error.Message}|{error.Advice}" : null);
                break;
            case BudgetItem budget:
                json.WriteString("budget", $"{budget.IsRaised} {budget.Asks} {budget.BudgetMicros} {budget.AmountMicros} {budget.Currency} {GoldenResult.Ms(budget.Timeout)} {Actor(budget.Actor)}{Why(budget.Reason)}");
                break;
            case CompactionRequestItem compaction:
                json.WriteString("compaction_request", $"{compaction.InputItems} {compaction.Bytes} {compaction.Reason}");
                json.WriteString("phases", Track(compaction.Phases, step =>
                    $"{(int)step.Phase} {step.Items} {(step.Usage is { } usage ? GoldenResult.Usage(usage) : "-")} {step.Reason}"));
                break;
            case ForkItem fork:
                json.WriteString("fork", $"{fork.RunId} {fork.Seq} {fork.Step}|{fork.Question}|{fork.CallId}|{fork.Model}|{Actor(fork.Actor)}");
                break;
            case SteerItem steer:
                json.WriteString("steer", $"{steer.SteerId}|{steer.Text}|{Actor(steer.Actor)}");
                json.WriteString("phases", Track(steer.Phases, step => $"{(int)step.Phase} {step.Reason}"));
                break;
            case InterventionItem done:
                json.WriteString("intervention", $"{(int)done.Kind}|{Actor(done.Actor)}|{done.Reason}|{done.Text}|{done.Tool}");
                break;
            case AttemptItem attempt:
                json.WriteString("attempt", $"{attempt.Number} {attempt.Delta} {attempt.PreviousResponseId} {attempt.InputItems} {attempt.Bytes}");
                json.WriteString("response", Track(attempt.ResponseId, value => value));
                json.WriteString("model", Track(attempt.Model, value => value));
                json.WriteString("phases", Track(attempt.Phases, value => Number((int)value)));
                json.WriteString("usage", Track(attempt.Usage, GoldenResult.Usage));
                json.WriteString("cost", Track(attempt.Cost, cost => $"{cost.Micros} {cost.Currency}"));
                json.WriteString("incomplete", Track(attempt.IncompleteReason, value => value));
                json.WriteString("error", Track(attempt.Error, value => $"{value.Code}|{value.ErrorType}|{value.Message}|{value.Param}"));
                break;
            case ResponseItem response:
                json.WriteString("place", $"{response.OutputIndex} done {response.Done?.Seq} cut {response.WasCut}");
                WriteResponse(json, response);
                break;
            default:
                throw new NotSupportedException($"Say here how {item.GetType().Name} is written.");
        }
    }

    private static void WriteResponse(Utf8JsonWriter json, ResponseItem item)
    {
        switch (item)
        {
            case TextItem text:
                json.WriteString(text is AnswerItem ? "answer" : "reasoning", string.Join('\n', text.Parts.Select(part =>
                    $"{part.FromSeq} {(int)part.Kind} {part.Index} {Text(part.Text)}")));
                if (text is AnswerItem answer)
                {
                    json.WriteString("phase", Track(answer.Phase, value => value));
                    json.WriteBoolean("structured", answer.IsStructured);
                    json.WriteString("annotations", string.Join('\n', answer.Annotations.Select(one => $"{one.Seq} {one.Part} {Encoding.UTF8.GetString(one.Json.Span)}")));
                }

                break;
            case ToolCallItem call:
                json.WriteString("call", Track(call.CallId, value => value));
                json.WriteString("name", Track(call.Name, value => value));
                json.WriteString("arguments", Text(call.Arguments));
                json.WriteString("flags", $"{call.IsFreeText}|{Track(call.ReadOnly, value => $"{value}")}|{Track(call.Repeatable, value => $"{value}")}");
                json.WriteString("approval", Approval(call.Approval));
                if (call.Intent.IsSet)
                {
                    json.WriteString("intent", Track(call.Intent, value => value));
                }

                if (call.Question.IsSet)
                {
                    json.WriteString("question", Track(call.Question, step =>
                        $"{(int)step.State}|{step.Question}|{string.Join(',', step.Choices)}|{step.AllowsText}|{GoldenResult.Ms(step.Timeout)}|{step.Answer}|{Actor(step.Actor)}{Why(step.Reason)}"));
                }

                json.WriteString("steps", Track(call.Steps, step => $"{(int)step.State}|{GoldenResult.Ms(step.Deadline)}|{step.Output}|{GoldenResult.Ms(step.Duration)}"));
                break;
            case HostedToolItem hosted:
                json.WriteString("hosted", hosted.ItemType);
                json.WriteString("phase", Track(hosted.Phase, value => value));
                json.WriteString("name", Track(hosted.Name, value => value));
                json.WriteString("code", Text(hosted.Input));
                json.WriteString("json", Track(hosted.Item, value => Encoding.UTF8.GetString(value.Span)));
                json.WriteString("approval", Approval(hosted.Approval));
                json.WriteString("facts", Facts(hosted));
                break;
            default:
                throw new NotSupportedException($"Say here how {item.GetType().Name} is written.");
        }
    }

    private static string Facts(HostedToolItem item) => item switch
    {
        WebSearchItem web => Track(web.FactSteps, facts =>
            $"{facts.Action}|{string.Join(',', facts.Queries)}|{facts.Url}|{facts.Pattern}|{string.Join(',', facts.Sources.Select(page => $"{page.Url} {page.Title}"))}"),
        FileSearchItem files => Track(files.FactSteps, facts =>
            $"{string.Join(',', facts.Queries)}|{(facts.Hits is { } hits ? string.Join(',', hits.Select(hit => $"{hit.FileName} {hit.FileId} {hit.Score?.ToString(CultureInfo.InvariantCulture)} {hit.Excerpt.Text}")) : "-")}"),
        CodeInterpreterItem code => Track(code.FactSteps, facts =>
            $"{facts.ContainerId}|{(facts.Outputs is { } outputs ? string.Join(',', outputs.Select(one => $"{one.Logs?.Text} {one.Image?.Seq} {one.File}")) : "-")}"),
        McpToolsItem tools => Track(tools.FactSteps, facts =>
            $"{facts.Server}|{string.Join(',', facts.Tools.Select(tool => $"{tool.Name} {tool.Description}"))}|{facts.Error}"),
        McpCallItem call => Track(call.FactSteps, facts => $"{facts.Server}|{facts.Output?.Text}|{facts.Error}|{facts.ApprovalRequestId}"),
        CompactionItem compaction => Track(compaction.FactSteps, facts => Number(facts.Bytes)),
        ImageItem image => Track(image.FactSteps, facts =>
            $"{facts.Image?.Seq} {facts.RevisedPrompt} {facts.Size} {facts.Quality} {facts.Format}") + string.Concat(image.Partials.Select(one => $" {one.Image.Seq}")),
        CommandItem command => Track(command.FactSteps, facts =>
            $"{facts.Words}|{facts.Text?.Text}|{facts.Output?.Text}|{facts.ExitCode}|{facts.Image?.Seq}")
            + string.Concat(command.Commands.Concat(command.Outputs).Select(one => $"\n{one.Index} {Text(one.Text)}")),
        _ => "",
    };

    private static string Approval(Track<ApprovalStep> approval) => Track(approval, step =>
        $"{(int)step.State}|{GoldenResult.Ms(step.Timeout)}|{Actor(step.Actor)}|{step.Arguments}|{step.Reason}");

    private static string Track<T>(Track<T> track, Func<T, string> write) =>
        string.Join('\n', track.Steps.Select(step => $"{step.Seq} {GoldenResult.Micros(step.At)} {write(step.Value)}"));

    private static string Text(GrowingText text) =>
        $"{text.Generation} {string.Join(' ', text.Marks.Select(mark => $"{mark.End}@{mark.Seq}"))} {text}";

    private static string Actor(EventActor? actor) => actor is null ? "-" : $"{actor.Id} {actor.Role}";

    // Only where there is one: old runs have none.
    private static string Why(string? reason) => reason is null ? "" : $"|{reason}";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
