using TorchSharp.Modules;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>Moves and converts the parameters and buffers here and below, each staying the object it is.</summary>
            internal void Move(Device? device, ScalarType? dtype)
            {
                using (no_grad())
                {
                    foreach (var parameter in _parameters.Values) MoveParameter(parameter, device, dtype);
                    foreach (var (buffer, _) in _buffers.Values) Move(buffer, device, dtype);
                }
                foreach (var module in _submodules.Values) module.Move(device, dtype);
            }

            private static void MoveParameter(Parameter parameter, Device? device, ScalarType? dtype)
            {
                using var gradient = parameter.grad;
                var requiresGradient = parameter.requires_grad;
                if (!Move(parameter, device, dtype)) return;
                parameter.requires_grad = requiresGradient;
                if (gradient is null) return;
                Move(gradient, device, dtype);
                parameter.grad = gradient;
            }

            private static bool Move(Tensor tensor, Device? device, ScalarType? dtype)
            {
                var type = tensor.is_floating_point() ? dtype ?? tensor.dtype : tensor.dtype;
                var place = device ?? tensor.device;
                if (type == tensor.dtype && place.type == tensor.device.type && (place.index < 0 || place.index == tensor.device.index)) return false;
                using var moved = tensor.to(type, place);
                LibTorch.gan_tensor_release(Interlocked.Exchange(ref tensor.handle, moved.DecoupleFromNativeHandle()));
                return true;
            }
        }
    }
}

public static class ModuleExtensionMethods
{
    public static T to<T>(this T module, torch.Device device, bool non_blocking = false) where T : torch.nn.Module
    {
        module.Move(device, null);
        return module;
    }

    public static T to<T>(this T module, DeviceType deviceType, int deviceIndex = -1, bool non_blocking = false) where T : torch.nn.Module =>
        module.to(new torch.Device(deviceType, deviceIndex));

    public static T to<T>(this T module, string device, bool non_blocking = false) where T : torch.nn.Module =>
        module.to(new torch.Device(device));

    public static T to<T>(this T module, torch.ScalarType type, bool non_blocking = false) where T : torch.nn.Module
    {
        module.Move(null, type);
        return module;
    }
}
