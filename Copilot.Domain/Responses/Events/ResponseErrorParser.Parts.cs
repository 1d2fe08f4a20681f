using System.Text.Json;

namespace Copilot.Domain.Responses.Events;

public static partial class ResponseErrorParser
{
    /// <summary>What has been found of an error so far; inner objects complete the outer one.</summary>
    private sealed class Parts
    {
        private string? _code;
        private string? _type;
        private string? _message;
        private string? _detail;
        private string? _param;
        private int? _status;
        private TimeSpan? _retryAfter;

        /// <summary>Reads an object that is, or contains, an error.</summary>
        public void Read(ReadOnlySpan<byte> json)
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = JsonRange.Text(in reader);
                reader.Read();
                var slice = JsonRange.Read(ref reader);
                if (!slice.HasValue)
                {
                    continue;
                }

                switch (name)
                {
                    case "error":
                        ReadValue(slice.Of(json));
                        break;
                    case "type":
                        // "error" names the event, not the kind of error.
                        _type = slice.Text(json) is { } type && type != "error" ? type : _type;
                        break;
                    case "code":
                        _code = NotEmpty(slice.Text(json)) ?? _code;
                        break;
                    case "message":
                        _message = NotEmpty(slice.Text(json)) ?? _message;
                        break;
                    case "detail":
                        _detail = Detail(slice.Of(json), slice.Kind) ?? _detail;
                        break;
                    case "param":
                        _param = NotEmpty(slice.Text(json)) ?? _param;
                        break;
                    case "status" or "status_code":
                        _status = slice.Number(json) is { } status and >= 100 and <= 599 ? (int)status : _status;
                        break;
                    case "headers" when slice.Kind == JsonTokenType.StartObject:
                        ReadHeaders(slice.Of(json));
                        break;
                    case "retry_after" or "resets_in_seconds":
                        _retryAfter ??= slice.Number(json) is { } seconds ? Delay(seconds) : null;
                        break;
                }
            }

            // An inner object was validated with the outer one; an outer one must end here.
            reader.Read();
        }

        /// <summary>Reads the value of <c>error</c>: an object, or just text.</summary>
        public void ReadValue(ReadOnlySpan<byte> json)
        {
            if (json.IsEmpty)
            {
                return;
            }

            if (json[0] == (byte)'{')
            {
                Read(json);
            }
            else if (json[0] == (byte)'"')
            {
                _message = NotEmpty(new JsonRange(0, json.Length, JsonTokenType.String).Text(json)) ?? _message;
            }
        }

        /// <summary>The error, completed with what the caller knows.</summary>
        public ResponseError ToError(int? status, TimeSpan? retryAfter, string silent)
        {
            var code = Cut(_code, LongestName);
            var message = Cut(_message ?? _detail, LongestMessage) ?? (code is null ? silent : $"The upstream reported the error {code}.");
            return new ResponseError
            {
                Code = code,
                ErrorType = Cut(_type, LongestName),
                Message = message,
                Param = Cut(_param, LongestName),
                Status = status ?? _status,
                RetryAfter = retryAfter ?? _retryAfter ?? DelayIn(message),
            };
        }

        private void ReadHeaders(ReadOnlySpan<byte> json)
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = JsonRange.Text(in reader);
                reader.Read();
                var value = Header(JsonRange.Read(ref reader), json);
                if (value is not null && double.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var amount))
                {
                    if (name.Equals("retry-after-ms", StringComparison.OrdinalIgnoreCase))
                    {
                        _retryAfter = Delay(amount / 1000) ?? _retryAfter;
                    }
                    else if (name.Equals("retry-after", StringComparison.OrdinalIgnoreCase))
                    {
                        _retryAfter ??= Delay(amount);
                    }
                }
            }
        }

        private static string? Header(JsonRange slice, ReadOnlySpan<byte> json)
        {
            if (slice.Kind != JsonTokenType.StartArray)
            {
                return slice.Text(json);
            }

            // Several values of one header: the first counts.
            var array = slice.Of(json);
            var reader = new Utf8JsonReader(array);
            reader.Read();
            reader.Read();
            return JsonRange.Read(ref reader).Text(array);
        }

        private string? Detail(ReadOnlySpan<byte> json, JsonTokenType kind)
        {
            if (kind == JsonTokenType.String)
            {
                return NotEmpty(new JsonRange(0, json.Length, kind).Text(json));
            }

            if (kind == JsonTokenType.StartObject)
            {
                var inner = new Parts();
                inner.Read(json);
                return inner._message ?? inner._detail;
            }

            if (kind != JsonTokenType.StartArray)
            {
                return null;
            }

            // FastAPI's list of validation errors: [{"loc": […], "msg": "…"}].
            var messages = new List<string>();
            _param ??= LocationIn(json);
            var reader = new Utf8JsonReader(json);
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("msg"u8) && reader.Read()
                    && reader.TokenType == JsonTokenType.String)
                {
                    messages.Add(JsonRange.Text(in reader));
                }
            }

            return messages.Count == 0 ? null : string.Join("; ", messages);
        }

        /// <summary>The first <c>loc</c> as the API would write it: <c>input[1].content</c>.</summary>
        private static string? LocationIn(ReadOnlySpan<byte> json)
        {
            var reader = new Utf8JsonReader(json);
            var path = new System.Text.StringBuilder();
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("loc"u8) || !reader.Read() || reader.TokenType != JsonTokenType.StartArray)
                {
                    continue;
                }

                while (reader.Read() && reader.TokenType is JsonTokenType.String or JsonTokenType.Number)
                {
                    if (reader.TokenType is JsonTokenType.Number)
                    {
                        path.Append('[').Append(System.Text.Encoding.UTF8.GetString(reader.ValueSpan)).Append(']');
                    }
                    else if (JsonRange.Text(in reader) is var name && (path.Length > 0 || name != "body"))
                    {
                        path.Append(path.Length > 0 ? "." : "").Append(name);
                    }
                }

                break;
            }

            return path.Length == 0 ? null : path.ToString();
        }

        private static string? Cut(string? text, int length) => text is null || text.Length <= length
            ? text
            : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[length - 1]) ? length - 1 : length), "…");

        private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : Printable(text);
    }
}
