using System.Net.WebSockets;

namespace GanPipeline.Studio;

/// <summary>A page's connection to a lab of its own, which ends with it.</summary>
internal static class LabSocket
{
    /// <summary>The most labs at once: each trains on a processor.</summary>
    public const int MostLabs = 4;

    // A drawing of the most points needs some 20 kB.
    private const int MostBytes = 64 * 1024;

    private static int _labs;

    /// <summary>Answers a request for a WebSocket.</summary>
    public static async Task HandleAsync(HttpContext context, CancellationToken stopping)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping, context.RequestAborted);
        try
        {
            if (Interlocked.Increment(ref _labs) > MostLabs)
            {
                await socket.CloseAsync(WebSocketCloseStatus.EndpointUnavailable, "busy", stop.Token);
                return;
            }
            using var lab = new LabSession();
            var sending = SendAsync(socket, lab, stop.Token);
            try { await ReceiveAsync(socket, lab, stop.Token); }
            finally
            {
                await stop.CancelAsync();
                await sending;
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The page was closed, or the studio.
        }
        finally
        {
            Interlocked.Decrement(ref _labs);
        }
    }

    private static async Task SendAsync(WebSocket socket, LabSession lab, CancellationToken stop)
    {
        try
        {
            await foreach (var message in lab.Messages.ReadAllAsync(stop))
            {
                // A frame begins with a multiple of 4, which '{' is not.
                var type = message[0] == '{' ? WebSocketMessageType.Text : WebSocketMessageType.Binary;
                await socket.SendAsync(message, type, endOfMessage: true, stop);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // As above; the receiving side ends as well.
        }
    }

    private static async Task ReceiveAsync(WebSocket socket, LabSession lab, CancellationToken stop)
    {
        var buffer = new byte[MostBytes];
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(length), stop);
                length += part.Count;
            } while (!part.EndOfMessage && length < buffer.Length);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, stop);
                return;
            }
            if (!part.EndOfMessage)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.MessageTooBig, $"A message has at most {MostBytes} bytes.", stop);
                return;
            }
            try
            {
                lab.Post(LabMessages.Command(buffer.AsSpan(0, length)));
            }
            catch (ArgumentException e)
            {
                lab.Complain(e.Message);
            }
        }
    }
}
