using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor neg_()
        {
            Aten.neg_.Do(this);
            return this;
        }

        public Tensor exp_()
        {
            Aten.exp_.Do(this);
            return this;
        }

        public Tensor sqrt_()
        {
            Aten.sqrt_.Do(this);
            return this;
        }

        public Tensor relu_()
        {
            Aten.relu_.Do(this);
            return this;
        }

        public Tensor leaky_relu_(Scalar negative_slope)
        {
            Aten.leaky_relu_.Do(this, negative_slope);
            return this;
        }

        public Tensor elu_(double alpha = 1)
        {
            Aten.elu_.Do(this, alpha);
            return this;
        }

        public Tensor silu_()
        {
            Aten.silu_.Do(this);
            return this;
        }

        public Tensor add_(Tensor target)
        {
            Aten.add__Tensor.Do(this, target);
            return this;
        }

        public Tensor add_(Scalar scalar)
        {
            Aten.add__Scalar.Do(this, scalar);
            return this;
        }

        public Tensor add_(Tensor target, Scalar alpha)
        {
            Aten.add__Tensor.Do(this, target, alpha);
            return this;
        }

        public Tensor sub_(Tensor target)
        {
            Aten.sub__Tensor.Do(this, target);
            return this;
        }

        public Tensor sub_(Scalar target)
        {
            Aten.sub__Scalar.Do(this, target);
            return this;
        }

        public Tensor mul_(Tensor target)
        {
            Aten.mul__Tensor.Do(this, target);
            return this;
        }

        public Tensor mul_(Scalar target)
        {
            Aten.mul__Scalar.Do(this, target);
            return this;
        }

        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None)
        {
            if (rounding_mode == RoundingMode.None) Aten.div__Tensor.Do(this, target);
            else Aten.div__Tensor_mode.Do(this, target, rounding_mode.ToString());
            return this;
        }

        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None)
        {
            if (rounding_mode == RoundingMode.None) Aten.div__Scalar.Do(this, target);
            else Aten.div__Scalar_mode.Do(this, target, rounding_mode.ToString());
            return this;
        }

        public Tensor lerp_(Tensor end, Tensor weight)
        {
            Aten.lerp__Tensor.Do(this, end, weight);
            return this;
        }

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value)
        {
            Aten.addcmul_.Do(this, tensor1, tensor2, value);
            return this;
        }

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2)
        {
            Aten.addcdiv_.Do(this, tensor1, tensor2);
            return this;
        }

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value)
        {
            Aten.addcdiv_.Do(this, tensor1, tensor2, value);
            return this;
        }

        public Tensor clamp_(Scalar? min = null, Scalar? max = null)
        {
            Aten.clamp_.Do(this, min, max);
            return this;
        }

        public Tensor fill_(Scalar value)
        {
            Aten.fill__Scalar.Do(this, value);
            return this;
        }

        public Tensor zero_()
        {
            Aten.zero_.Do(this);
            return this;
        }

        public Tensor copy_(Tensor source, bool nonBlocking = false)
        {
            Aten.copy_.Do(this, source, nonBlocking);
            return this;
        }

        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null)
        {
            Aten.normal_.Do(this, mean, std, generator);
            return this;
        }

        public Tensor uniform_(double from, double to, Generator? generator = null)
        {
            Aten.uniform_.Do(this, from, to, generator);
            return this;
        }
    }
}
