using System.Text.Json;
using OpenCvSharp;
using OpenCvSharp.Dnn;

// Requests and answers are lines of JSON: {"model": "net.onnx", "inputs": {"x": {"dims": [2, 3], "data": [0.5, ...]}}}, with all sizes of
// the file fixed, becomes {"outputs": {"output": {"dims": [2, 4], "data": [...]}}}, or {"error": "why not"}.
if (args.Length > 0)
{
    Console.WriteLine(Cv2.GetVersionString());
    return;
}
while (Console.In.ReadLine() is { } line)
{
    using var request = JsonDocument.Parse(line);
    object answer;
    try
    {
        answer = new { outputs = Run(request.RootElement) };
    }
    catch (OpenCVException e)
    {
        answer = new { error = e.Message };
    }
    Console.Out.WriteLine(JsonSerializer.Serialize(answer));
}

static Dictionary<string, object> Run(JsonElement request)
{
    using var network = CvDnn.ReadNetFromOnnx(request.GetProperty("model").GetString()!)!;
    foreach (var input in request.GetProperty("inputs").EnumerateObject())
    {
        var data = input.Value.GetProperty("data").EnumerateArray().Select(value => value.GetSingle()).ToArray();
        int[] dims = [.. input.Value.GetProperty("dims").EnumerateArray().Select(size => size.GetInt32())];
        using var values = Mat.FromPixelData(dims, MatType.CV_32F, data);
        network.SetInput(values, input.Name);
    }
    var outputs = new Dictionary<string, object>();
    foreach (var name in request.GetProperty("outputs").EnumerateArray().Select(name => name.GetString()!))
    {
        using var values = network.Forward(name);
        using var floats = new Mat();
        values.ConvertTo(floats, MatType.CV_32F);
        var data = new float[floats.Total()];
        System.Runtime.InteropServices.Marshal.Copy(floats.Data, data, 0, data.Length);
        outputs[name] = new { dims = Enumerable.Range(0, values.Dims).Select(values.Size).ToArray(), data };
    }
    return outputs;
}
