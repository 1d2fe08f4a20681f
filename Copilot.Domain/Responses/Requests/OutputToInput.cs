using System.Buffers;
using System.Text.Json;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Events.Output;

namespace Copilot.Domain.Responses.Requests;

/// <summary>Turns output items into input items for later requests; the only place with that rule.</summary>
/// <remarks>
/// The upstream knows items by id only when it was allowed to store the response. Then they are sent back verbatim. Otherwise:
/// <list type="bullet">
/// <item>an item with <c>encrypted_content</c> (reasoning, compaction) goes back verbatim, id included;</item>
/// <item>reasoning without it cannot be replayed and is left out;</item>
/// <item>an item without a type, an output of a call that is ours to answer and a question without an id are left out;</item>
/// <item>an approval request retains its <c>id</c>, because its answer names it;</item>
/// <item>every other item loses its <c>id</c>, which the upstream would look up and not find;</item>
/// <item>a call's name, id and arguments and a message's role and parts are made such as upstreams accept (<see cref="InputRules"/>);</item>
/// <item>messages and client-side calls also lose their <c>status</c>. Hosted calls retain it as their outcome.</item>
/// </list>
/// The result depends on the item's bytes only, so a rebuilt history compares equal byte for byte.
/// </remarks>
public static class OutputToInput
{
    /// <summary>The input item for an output item.</summary>
    /// <param name="item">A finished output item.</param>
    /// <param name="store"><see cref="ResponseSettings.Store"/> of the request that it answered.</param>
    /// <returns>The input item, or null for an item that must not be sent again.</returns>
    public static InputItem? From(OutputItem item, bool store)
    {
        ArgumentNullException.ThrowIfNull(item);

        if (IsRefused(item))
        {
            return null;
        }

        if (item.Type is "function_call" or "custom_tool_call")
        {
            var call = InputRules.Call(item.Json);
            return store || HasEncryptedContent(call.Span) ? new InputItem(call) : Without(call, stripStatus: true);
        }

        if (store || HasEncryptedContent(item.Json.Span))
        {
            return new InputItem(item.Json) { StartsWindow = item.Type == "compaction" };
        }

        return item.Type switch
        {
            "reasoning" => null,
            "mcp_approval_request" => new InputItem(item.Json),
            "message" => InputRules.Message(item.Json) is { } message ? Without(message, stripStatus: true) : null,
            _ => Without(item.Json, stripStatus: false),
        };
    }

    /// <summary>
    /// True for what no upstream takes: an item that says of no kind that it is one, an output that only we may give (two for one call
    /// would end the conversation), a question that has no name to be answered by.
    /// </summary>
    private static bool IsRefused(OutputItem item) =>
        item.Type is "" or "function_call_output" or "custom_tool_call_output" || item is { Type: "mcp_approval_request", Id: null };

    private static bool HasEncryptedContent(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals("encrypted_content"u8);
            reader.Read();
            if (found)
            {
                return reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length > 0;
            }

            reader.Skip();
        }

        return false;
    }

    private static InputItem Without(ReadOnlyMemory<byte> json, bool stripStatus)
    {
        var span = json.Span;
        var buffer = new ArrayBufferWriter<byte>(span.Length);
        var reader = new Utf8JsonReader(span);
        reader.Read();
        Write(buffer, "{"u8);
        var first = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var drop = reader.ValueTextEquals("id"u8) || (stripStatus && reader.ValueTextEquals("status"u8));
            var start = (int)reader.TokenStartIndex;
            reader.Read();
            reader.Skip();
            if (drop)
            {
                continue;
            }

            if (!first)
            {
                Write(buffer, ","u8);
            }

            first = false;
            Write(buffer, span[start..(int)reader.BytesConsumed]);
        }

        Write(buffer, "}"u8);
        return new InputItem(buffer.WrittenMemory);
    }

    private static void Write(ArrayBufferWriter<byte> buffer, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(buffer.GetSpan(bytes.Length));
        buffer.Advance(bytes.Length);
    }
}
